/** Flags of the three programs: everything on 127.0.0.1 or in private sockets, RBAC on, admission as Kubernetes ships it. */
import { join } from 'node:path';

/** Where one control plane keeps its files. */
export interface Layout {
  readonly etcdData: string;
  /** A private socket instead of a port: etcd has no users, so whoever could dial it would own the cluster. */
  readonly etcdSocket: string;
  readonly etcdPeerSocket: string;
  readonly ca: string;
  readonly caKey: string;
  readonly serverCertificate: string;
  readonly serverKey: string;
  readonly serviceAccountKey: string;
  readonly controllerManagerKubeconfig: string;
  readonly kubeconfig: string;
  readonly auditPolicy: string;
  readonly auditLog: string;
  log(program: string): string;
}

/** `sockets` must be a short path: a socket's may have 103 bytes on macOS, 107 on Linux. */
export function layOut(folder: string, sockets: string): Layout {
  return {
    etcdData: join(folder, 'etcd'),
    etcdSocket: join(sockets, 'etcd.sock'),
    etcdPeerSocket: join(sockets, 'peer.sock'),
    ca: join(folder, 'ca.crt'),
    caKey: join(folder, 'ca.key'),
    serverCertificate: join(folder, 'apiserver.crt'),
    serverKey: join(folder, 'apiserver.key'),
    serviceAccountKey: join(folder, 'service-account.key'),
    controllerManagerKubeconfig: join(folder, 'controller-manager.kubeconfig'),
    kubeconfig: join(folder, 'kubeconfig'),
    auditPolicy: join(folder, 'audit-policy.json'),
    auditLog: join(folder, 'api-audit.log'),
    log: (program) => join(folder, `${program}.log`),
  };
}

/** The controllers the product relies on; the rest would only cost memory (there are no nodes and no pods). */
const CONTROLLERS = [
  'namespace-controller', // empties and removes deleted namespaces (it begins 5 s after the delete, a constant of Kubernetes)
  'garbage-collector-controller', // follows ownerReferences; learns new kinds every 30 s
  'clusterrole-aggregation-controller', // fills aggregated ClusterRoles: view, edit, admin and ours
  'resourcequota-controller', // counts objects; without it quotas refuse nothing
  'serviceaccount-controller', // makes the ServiceAccount `default` of each namespace
  'certificatesigningrequest-signing-controller', // signs client certificates that an administrator approved
];
/** Type-checks admission policies' CEL into their status, which takes longer than all the other controllers together. */
const POLICY_STATUS = 'validatingadmissionpolicy-status-controller';

export function etcdFlags(layout: Layout): string[] {
  return [
    `--data-dir=${layout.etcdData}`,
    `--listen-client-urls=unix://${layout.etcdSocket}`,
    `--listen-peer-urls=unix://${layout.etcdPeerSocket}`,
    // A single member advertises to nobody, but these must look like addresses.
    '--advertise-client-urls=http://localhost:2379',
    '--initial-advertise-peer-urls=http://localhost:2380',
    '--initial-cluster=default=http://localhost:2380',
    '--unsafe-no-fsync', // safe against killed processes, not against power cuts: right for data nobody keeps
    '--log-level=warn',
  ];
}

export function apiServerFlags(layout: Layout, port: number, { audit }: { readonly audit: boolean }): string[] {
  return [
    ...(audit ? [`--audit-policy-file=${layout.auditPolicy}`, `--audit-log-path=${layout.auditLog}`] : []),
    `--etcd-servers=unix://${layout.etcdSocket}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    '--advertise-address=127.0.0.1', // else it looks for a default route, which an offline machine lacks
    '--endpoint-reconciler-type=none', // nothing reaches the API server through the Service `kubernetes`
    '--service-cluster-ip-range=10.0.0.0/24',
    `--tls-cert-file=${layout.serverCertificate}`,
    `--tls-private-key-file=${layout.serverKey}`,
    `--client-ca-file=${layout.ca}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${layout.serviceAccountKey}`,
    `--service-account-signing-key-file=${layout.serviceAccountKey}`,
    '--profiling=false',
  ];
}

export function controllerManagerFlags(layout: Layout, { policyStatus }: { readonly policyStatus: boolean }): string[] {
  return [
    `--kubeconfig=${layout.controllerManagerKubeconfig}`,
    `--controllers=${[...CONTROLLERS, ...(policyStatus ? [POLICY_STATUS] : [])].join(',')}`,
    `--cluster-signing-cert-file=${layout.ca}`,
    `--cluster-signing-key-file=${layout.caKey}`,
    '--use-service-account-credentials=true', // each controller with its own RBAC role, as in a cluster
    '--leader-elect=false',
    '--secure-port=0',
    '--kube-api-qps=200', // the defaults (20, 30) are for clusters with patience
    '--kube-api-burst=400',
  ];
}
