/** Story, first part: an organization, two environments, and two AWS accounts that must want it. */
import { ENVIRONMENTS } from './names.ts';
import { hold, type Step } from './step.ts';
import { untilMay, untilReadySays } from './wait.ts';

const organization: Step = {
  name: 'A platform administrator founds the organization',
  async run({ kubectl }, say) {
    await kubectl.say(say, 'platform-admin', 'apply --server-side -f examples/acme/organization.yaml');
    await kubectl.say(say, 'platform-admin', 'wait organization/acme --for=condition=Ready --timeout=60s');
  },
};

const environments: Step = {
  name: 'Two teams ask for their AWS accounts to be linked, and learn that nobody is linked against their will',
  async run(stage, say) {
    for (const user of ['owner', 'analyst'] as const) await untilMay(stage, user, 'link organization/acme');
    await stage.kubectl.say(say, 'owner', 'apply --server-side -f examples/sales/environment.yaml');
    await stage.kubectl.say(say, 'analyst', 'apply --server-side -f examples/marketing/environment.yaml');
    for (const name of ENVIRONMENTS) {
      const message = await untilReadySays(stage, `environment ${name}`, 'ConsentMissing');
      say.answer(`${name}: ConsentMissing: ${message}`, true);
    }
  },
};

const consent: Step = {
  name: 'The administrators of the accounts run the command that stands in status',
  async run({ kubectl, accounts }, say) {
    for (const [name, account] of [
      ['sales-prod', 'producer'],
      ['marketing-prod', 'consumer'],
    ] as const) {
      const command = await kubectl.read(`environment ${name}`, '{.status.linkCommand}');
      hold(command !== undefined && command !== '', `status.linkCommand of ${name} tells the next command`);
      say.command(`${command}   # in account ${account}`);
      say.answer(await accounts.run(account, command));
    }
    await kubectl.say(say, 'owner', 'wait environment/sales-prod --for=condition=Ready --timeout=120s');
    await kubectl.say(say, 'analyst', 'wait environment/marketing-prod --for=condition=Ready --timeout=120s');
    await kubectl.say(say, 'platform-admin', 'get environments -o wide');
  },
};

export const linkSteps: readonly Step[] = [organization, environments, consent];
