import { useMemo } from "react";
import { EventActions } from "@/events/event-actions";
import { type DetailTab, EventDetail } from "@/events/event-detail";
import type { ReadRecord } from "@/events/record";
import { writeJson } from "@/lib/json-write";
import { Drawer, EventTypeBadge } from "@/ui";

interface EventDrawerProps {
  record: ReadRecord;
  tab: DetailTab;
  onTab(tab: DetailTab): void;
  onOpen(id: string): void;
  onClose(): void;
}

/** An event of the session, beside its timeline. */
export function EventDrawer({ record, tab, onTab, onOpen, onClose }: EventDrawerProps) {
  const text = useMemo(() => writeJson({ event: record.event, record: record.receipt }), [record]);
  return (
    <Drawer
      open
      focus="stay"
      onClose={onClose}
      title={<EventTypeBadge type={record.type} className="text-14" />}
      actions={<EventActions id={record.id} text={text} />}
    >
      <EventDetail record={record} text={text} tab={tab} onTab={onTab} onOpen={onOpen} />
    </Drawer>
  );
}
