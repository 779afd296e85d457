import { Compass } from "lucide-react";
import { Empty, Link } from "@/ui";
import { words } from "./words";

export default function NotFound() {
  return (
    <section className="grid min-h-80 place-items-center p-6">
      <h1 className="sr-only">{words.title}</h1>
      <Empty icon={Compass} title={words.title} action={<Link to="/">{words.home}</Link>}>
        {words.text}
      </Empty>
    </section>
  );
}
