/** For tests after which a gateway is another one: sessions have ended, it was stopped, its store refuses rows. */
import { Gateway } from "./gateway";
import { test as shared } from "./harness";

/** The same as every test has, on a gateway that only the tests of one file use. */
export function ownGateway(settings: Record<string, string> = {}) {
  return shared.extend<object, { gapin: Gateway }>({
    gapin: [
      // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's form
      async ({}, use) => {
        const gapin = await Gateway.start(settings);
        await use(gapin);
        await gapin.discard();
      },
      { scope: "worker", timeout: 180_000 },
    ],
  });
}
