// Batches of 100, each sent as soon as the one before was answered.
import { SMALL, THRESHOLDS, send } from './gateway.js';

export { handleSummary } from './gateway.js';

export const options = {
  scenarios: {
    batches: { executor: 'constant-vus', vus: SMALL ? 2 : 16, duration: SMALL ? '3s' : '60s' },
  },
  thresholds: THRESHOLDS,
};

export default function () {
  send(100);
}
