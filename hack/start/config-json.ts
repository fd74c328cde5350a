/** config.json at the top of the clone, which operator and gateway of `npm start` read: looked at before anything starts. */
import { readConfigJsonFile, SHIPPED_CONFIG_JSON } from '../../operator/features/shipped.ts';
import { StartupError } from '../../operator/kernel/process/start-up.ts';
import { SetupError } from '../control-plane/setup-error.ts';

/** @throws SetupError that names each key that is missing, wrong or unknown */
export function checkConfigJson(path = SHIPPED_CONFIG_JSON): void {
  try {
    readConfigJsonFile(path);
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    throw new SetupError(
      'bad-configuration',
      error.message,
      'correct the file; docs/configuration.md says what belongs there, and `git checkout config.json` has it as it was.',
    );
  }
}
