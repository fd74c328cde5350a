// Messages of a share and of its items, of a table and its filters: as long as the CRD allows, and still saying what to do.
import { MAX_MESSAGE } from '../../resources/status.ts';

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

/** Conditions are cut to 1,024 characters, and say other things, too. */
const LIST_LENGTH = 700;

/** As many of them as have room in a condition, and how many more there are in `where`. */
export const listed = (messages: readonly string[], where = 'status.items'): string => {
  const shown: string[] = [];
  let length = 0;
  for (const message of messages) {
    length += message.length + 2;
    if (shown.length > 0 && length > LIST_LENGTH) break;
    shown.push(message);
  }
  const left = messages.length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more, see ${where}`] : [])].join('; ');
};
