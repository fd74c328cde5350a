// The thread beside a test's: when beats no longer come, it tells where the test's thread is and ends the process, which the run counts as failed.
import { type Debugger, Session } from 'node:inspector/promises';
import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';

const STDERR = 2;
const { beats, longestMs } = workerData as { readonly beats: Int32Array; readonly longestMs: number };

for (let seen = -1; ; await delay(longestMs)) {
  const now = Atomics.load(beats, 0);
  if (now === seen) await tellAndEnd();
  seen = now;
}

async function tellAndEnd(): Promise<void> {
  // A session alone does not keep a thread waiting for its answers.
  setInterval(() => {}, 1_000);
  const session = new Session();
  session.connectToMainThread();
  const files = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params }) => files.set(params.scriptId, params.url));
  const paused = new Promise<Debugger.CallFrame[]>((resolve) => {
    session.once('Debugger.paused', ({ params }) => resolve(params.callFrames));
  });
  await session.post('Debugger.enable');
  await session.post('Debugger.pause');
  const frames = await Promise.race([paused, delay(10_000, undefined)]);
  const where = frames?.map(
    ({ functionName, location: { scriptId, lineNumber } }) =>
      `    at ${functionName} (${files.get(scriptId)}:${lineNumber + 1})`,
  );
  writeSync(
    STDERR,
    `The event loop has been blocked for ${longestMs / 1000} s:\n${where?.join('\n') ?? '    in native code'}\n`,
  );
  process.kill(process.pid, 'SIGKILL');
}
