/** ClusterUsers: who may speak to a cluster, each with credentials and a context of its name in one kubeconfig file. */
import { CoreV1Api, type KubeConfig, type User } from '@kubernetes/client-node';
import { ADMIN, type ClusterUser } from './cluster.ts';
import { buildKubeconfig, writeKubeconfig, type Endpoint } from './kubeconfig.ts';

const DAY_S = 86_400;

export class ClusterUsers {
  readonly #endpoint: Endpoint;
  readonly #path: string;
  readonly #issue: (user: ClusterUser) => Promise<User>;
  readonly #users: User[] = [];
  #current = ADMIN.name;

  /** `issue` makes a user's credentials. */
  constructor(endpoint: Endpoint, path: string, issue: (user: ClusterUser) => Promise<User>) {
    this.#endpoint = endpoint;
    this.#path = path;
    this.#issue = issue;
  }

  kubeconfig(userName: string = ADMIN.name): KubeConfig {
    const user = this.#users.find(({ name }) => name === userName);
    if (user === undefined) {
      throw new Error(`no user ${userName}; known: ${this.#users.map(({ name }) => name).join(', ')}`);
    }
    return buildKubeconfig(this.#endpoint, [user]);
  }

  async add(user: ClusterUser): Promise<KubeConfig> {
    if (this.#users.some(({ name }) => name === user.name)) throw new Error(`user ${user.name} exists already`);
    this.#users.push(await this.#issue(user));
    if (user.isCurrent === true) this.#current = user.name;
    writeKubeconfig(this.#path, buildKubeconfig(this.#endpoint, this.#users, this.#current));
    return this.kubeconfig(user.name);
  }

  /** https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/ */
  async serviceAccount(
    namespace: string,
    name: string,
    lifetimeSeconds = DAY_S,
    audience?: string,
  ): Promise<KubeConfig> {
    const answer = await this.kubeconfig()
      .makeApiClient(CoreV1Api)
      .createNamespacedServiceAccountToken({
        namespace,
        name,
        body: { spec: { audiences: audience === undefined ? [] : [audience], expirationSeconds: lifetimeSeconds } },
      });
    const token = answer.status?.token;
    if (token === undefined) throw new Error(`the API server returned no token for ${namespace}/${name}`);
    return buildKubeconfig(this.#endpoint, [{ name: `system:serviceaccount:${namespace}:${name}`, token }]);
  }
}
