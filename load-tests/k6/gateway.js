// Sends to the gateway, and counts what became of each event.
import http from 'k6/http';
import { check } from 'k6';
import { Counter } from 'k6/metrics';
import { event } from './event.js';

const URL = `${__ENV.GAPIN_URL}/aibbar/events`;
const HEAD = { Authorization: `Bearer ${__ENV.GAPIN_API_KEY}`, 'Content-Type': 'application/json' };

export const SMALL = __ENV.SIZE !== 'full';

const acknowledged = new Counter('events_acknowledged');
const refused = new Counter('events_refused');

// Signs so many events and sends them in one request; `expected` are the statuses that the scenario allows.
export function send(count, expected = [202]) {
  const events = [];
  for (let index = 0; index < count; index += 1) {
    events.push(event(__VU, __ITER * count + index));
  }
  const body = JSON.stringify(count === 1 ? events[0] : events);
  const answer = http.post(URL, body, { headers: HEAD, responseCallback: http.expectedStatuses(...expected) });
  const kept = answer.status === 202 ? count : 0;
  acknowledged.add(kept);
  refused.add(count - kept);
  check(answer, {
    'is a status of the scenario': ({ status }) => expected.includes(status),
    'a 503 says when to come again': ({ status, headers }) => status !== 503 || headers['Retry-After'] !== undefined,
  });
}

// What every scenario holds: nothing fails, and what was acknowledged is told.
export const THRESHOLDS = { checks: ['rate==1'], events_acknowledged: ['count>0'] };

// For programs: RESULT=FILE gets the sums as JSON.
export function handleSummary(data) {
  const count = (name) => (data.metrics[name] ? data.metrics[name].values.count : 0);
  const times = data.metrics.http_req_duration.values;
  const sums = {
    acknowledged: count('events_acknowledged'),
    refused: count('events_refused'),
    duration_ms: { median: times.med, p95: times['p(95)'], max: times.max },
  };
  const out = { stdout: `${JSON.stringify(sums)}\n` };
  if (__ENV.RESULT) {
    out[__ENV.RESULT] = JSON.stringify(sums);
  }
  return out;
}
