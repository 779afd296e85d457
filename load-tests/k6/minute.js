// 10,000 events over one minute, whether or not answers come (small: 100 over three seconds).
import { SMALL, THRESHOLDS, send } from './gateway.js';

export { handleSummary } from './gateway.js';

export const options = {
  scenarios: {
    minute: {
      executor: 'constant-arrival-rate',
      rate: SMALL ? 100 : 10000,
      timeUnit: SMALL ? '3s' : '60s',
      duration: SMALL ? '3s' : '60s',
      preAllocatedVUs: SMALL ? 8 : 64,
      maxVUs: 256,
    },
  },
  thresholds: THRESHOLDS,
};

export default function () {
  send(1);
}
