// Command kube-controller-manager deletes namespaces, collects garbage, aggregates ClusterRoles and makes ServiceAccounts.
package main

import (
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

func main() {
	os.Exit(cli.Run(app.NewControllerManagerCommand()))
}
