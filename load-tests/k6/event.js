// Events as an AI system signs them: HMAC-SHA256 over the canonical form (RFC 8785), in lowercase hex.
import crypto from 'k6/crypto';

const SECRET = __ENV.GAPIN_SIGNING_SECRET;
const KEY_ID = __ENV.GAPIN_SIGNING_KEY_ID;
const AI_ID = __ENV.GAPIN_AI_ID || '3f2b8c1e-6d4a-4e9b-8a57-0c1d2e3f4a5b';

const median = JSON.parse(open('../corpus/median.json'));

// Members in the order of their UTF-16 code units, which is JavaScript's own; numbers and strings as JSON.stringify has
// them, which is what RFC 8785 is made after.
export function canonical(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(',')}]`;
  }
  if (value !== null && typeof value === 'object') {
    const members = Object.keys(value).sort();
    return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

export function sign(event) {
  const unsigned = { ...event, signature_algorithm: 'HMAC-SHA256' };
  return { ...unsigned, signature: crypto.hmac('sha256', SECRET, canonical(unsigned), 'hex') };
}

// The corpus's median event, as event number `number` of this user of k6: no two are the same.
export function event(user, number) {
  const own = {
    ...median,
    ai_id: AI_ID,
    timestamp: new Date().toISOString(),
    sequence: number,
    metadata: { ...median.metadata, request_id: `k6-${user}-${number}` },
  };
  delete own.key_id;
  return sign(KEY_ID ? { ...own, key_id: KEY_ID } : own);
}
