// Far more than the gateway takes, for a while: what it can't take it refuses with a 503 that says when to come again.
import { SMALL, THRESHOLDS, send } from './gateway.js';

export { handleSummary } from './gateway.js';

export const options = {
  scenarios: {
    burst: {
      executor: 'constant-arrival-rate',
      rate: SMALL ? 2000 : 60000,
      timeUnit: '1s',
      duration: SMALL ? '2s' : '20s',
      preAllocatedVUs: SMALL ? 64 : 512,
      maxVUs: 1024,
    },
  },
  thresholds: THRESHOLDS,
};

export default function () {
  send(1, [202, 503]);
}
