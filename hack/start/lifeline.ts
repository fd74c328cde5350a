/** Loaded into a child before its program (`node --import`): ends the child when its parent is gone, however it went. */
if (process.channel !== undefined) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // Listening must not keep a child alive that has nothing else to do.
  process.channel?.unref();
}
