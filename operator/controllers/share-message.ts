// Messages of the items of a share: as long as the CRD allows, and still saying what to do.
import { MAX_MESSAGE } from '../resources/status.ts';

/** Room for what to do: the longest advice on a call that is refused. The rest has room for the names of call, account and region. */
const REMEDY = 192;

/**
 * Messages say what happened, then what to do: of a long one, what happened is shortened. The CRD counts characters, so this does too.
 */
export const cut = (message: string): string => {
  if (message.length <= MAX_MESSAGE) return message;
  const sentences = [...message.matchAll(/\. (?=[A-Z])/g)].map(({ index }) => message.slice(index + 2));
  const whole = sentences.find((rest) => rest.length <= REMEDY);
  const begun = sentences.at(-1)?.slice(0, REMEDY - 1);
  const remedy = whole ?? (begun === undefined ? message.slice(-REMEDY) : `${begun}…`);
  return `${message.slice(0, MAX_MESSAGE - remedy.length - 2)}… ${remedy}`;
};
