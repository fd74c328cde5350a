// One node of OpenSearch on 127.0.0.1: java -cp ... Node FOLDER HTTP_PORT TRANSPORT_PORT. Ends with its process.

import org.codelibs.opensearch.runner.OpenSearchRunner;

public class Node {
  public static void main(String[] args) throws InterruptedException {
    OpenSearchRunner runner = new OpenSearchRunner();
    runner.onBuild(
        (number, settings) -> {
          settings.put("http.port", args[1]);
          settings.put("transport.port", args[2]);
          settings.put("network.host", "127.0.0.1");
          settings.put("discovery.type", "single-node");
        });
    runner.build(
        OpenSearchRunner.newConfigs().basePath(args[0]).numOfNode(1).clusterName("dataall"));
    Thread.currentThread().join();
  }
}
