// What nobody waits for is gathered before it is begun: after a restart a thousand shares come to their documents one by one, and each
// document would be read and written again for every handful of them.
import { Priority } from '../../kernel/runtime/reconciler.ts';

const BACKLOG_MS = 2_000;

/** Milliseconds by which a run is put off that is asked for with a priority. @param normalMs where somebody waits for it */
export const batchDelayMs = (priority: number, normalMs = 0): number =>
  priority < Priority.normal ? BACKLOG_MS : normalMs;
