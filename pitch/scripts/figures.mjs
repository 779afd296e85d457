/** Whether SOURCES.md still says what its files say: of `make test`, since a new measurement changes them. Needs Node.js alone. */
import { faultsOf, readSources } from "./sources.mjs";

const sources = readSources();
const faults = faultsOf(sources);
for (const fault of faults) console.error(fault);
if (faults.length > 0) {
  console.error("error: the pitch cites figures that are no more; change pitch/SOURCES.md and the slides, then: make pitch");
  process.exit(1);
}
console.log(`pitch: ${sources.size} sources hold`);
