/** `npm start`: brings everything up, tells the story, and stays until Ctrl-C. */
import { once } from 'node:events';
import { join } from 'node:path';
import { StartupError } from '../../operator/kernel/process/start-up.ts';
import { SetupError } from '../control-plane/setup-error.ts';
import { startInstallation } from './installation.ts';
import { readOptions, USAGE, type StartOptions } from './options.ts';
import { RunDirectory } from './run-directory.ts';
import { Stage } from './story/stage.ts';
import { STORY } from './story/story.ts';
import { tell } from './story/tell.ts';
import { Terminal } from './terminal.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** As shells say for a command that Ctrl-C ended. */
const INTERRUPTED = 130;
/** One Ctrl-C may arrive twice, by the terminal's process group and passed on by whoever started us. */
const SAME_SIGNAL_MS = 500;

process.chdir(ROOT);
const end = endWhenAsked();
/** Aborts with what is to be told when the control plane is gone. */
const lost = new AbortController();
const over = AbortSignal.any([end, lost.signal]);
let code: number;
try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(USAGE);
    code = 0;
  } else {
    code = await start(options);
  }
} catch (error) {
  code = failure(error);
}
// A build that was interrupted and connections that idle would keep us; children end with us.
process.exit(code);

async function start(options: StartOptions): Promise<number> {
  const terminal = new Terminal(options.json ? process.stderr : process.stdout);
  terminal.title('data.all on Kubernetes');
  end.addEventListener('abort', () => terminal.note('stopping'), { once: true });
  await using run = await RunDirectory.claim(join(ROOT, '.run'));
  const onLost = (loss: SetupError): void => lost.abort(loss);
  const report = (what: string, ms: number): void => terminal.came(what, ms);
  await using installation = await startInstallation(run, { ...options, onLost }, report, over);
  if (options.mode !== 'bare') {
    const story = await tell(STORY, new Stage(installation, run.file('story'), over), terminal);
    terminal.told(story, STORY.length);
    if (options.json) process.stdout.write(`${JSON.stringify(story, undefined, 2)}\n`);
    if (options.mode === 'once') {
      if (story.ok) terminal.next('once');
      return story.ok ? 0 : 1;
    }
  }
  terminal.ready(installation.endpoints, run.path);
  terminal.next(options.mode);
  if (!over.aborted) await once(over, 'abort');
  lost.signal.throwIfAborted();
  return 0;
}

/** Aborts at the first signal, or when whoever started us is gone. A second signal ends us at once: children follow by themselves. */
function endWhenAsked(): AbortSignal {
  const asked = new AbortController();
  let askedAt = Number.POSITIVE_INFINITY;
  const ask = (): void => {
    if (performance.now() - askedAt > SAME_SIGNAL_MS) process.exit(INTERRUPTED);
    askedAt = Math.min(askedAt, performance.now());
    asked.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  if (process.channel !== undefined) {
    process.on('disconnect', () => asked.abort());
    process.channel?.unref();
  }
  return asked.signal;
}

/** Says what people can do something about; anything else is ours to mend and shown whole. */
function failure(failed: unknown): number {
  if (end.aborted) return INTERRUPTED;
  // What fails without a control plane fails for that reason.
  const error: unknown = lost.signal.aborted ? lost.signal.reason : failed;
  if (error instanceof SetupError || error instanceof StartupError) process.stderr.write(`${error.message}\n`);
  else if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
    process.stderr.write('The disk is full.\n  What to do: make 500 MB of room, then start again.\n');
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}
