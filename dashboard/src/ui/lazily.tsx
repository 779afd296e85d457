import { type ComponentType, type FunctionComponent, lazy, type ReactNode, Suspense } from "react";
import { arriving } from "@/lib/connection";

// Of a part that takes none, its type says nothing.
type PropsOf<Part> =
  Part extends ComponentType<infer Props> ? (unknown extends Props ? object : Props) : never;

/**
 * A part of a page that is loaded once it is first drawn, behind the page itself: a dialog, a panel, the contents of a tab.
 * Until it is there, its place is held by `meanwhile`.
 */
export function lazily<Module, Name extends keyof Module>(
  load: () => Promise<Module>,
  name: Name,
  meanwhile: ReactNode = null,
): FunctionComponent<PropsOf<Module[Name]>> {
  const Part = lazy(async () => ({ default: (await arriving(load))[name] as ComponentType<object> }));
  return function Lazily(props) {
    return (
      <Suspense fallback={meanwhile}>
        <Part {...(props as object)} />
      </Suspense>
    );
  };
}
