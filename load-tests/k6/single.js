// Single events, by as many users as there would be connections, each sending as soon as it was answered.
import { SMALL, THRESHOLDS, send } from './gateway.js';

export { handleSummary } from './gateway.js';

export const options = {
  scenarios: {
    single: { executor: 'constant-vus', vus: SMALL ? 8 : 64, duration: SMALL ? '3s' : '60s' },
  },
  thresholds: THRESHOLDS,
};

export default function () {
  send(1);
}
