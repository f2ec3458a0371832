package io.asyncgateway.perf;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import java.io.File;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.SslProvider;

/** Reactor Netty's own server over HTTP/2, with the answer of {@code /plaintext} and its fields, as its documentation shows it. */
public final class ReactorNettyServer {
    private ReactorNettyServer() {}

    /**
     * Serves until standard input ends.
     *
     * @param args the port; for TLS also the files of a certificate and its key
     */
    public static void main(String[] args) {
        byte[] body = "Hello, World!".getBytes(US_ASCII);
        LoopResources loops = LoopResources.create("reactor-netty", 1, true);
        HttpDate date = new HttpDate(loops.onServer(true));
        HttpServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(Integer.parseInt(args[0]))
                .runOn(loops)
                .http2Settings(settings -> settings.maxConcurrentStreams(100))
                .handle((request, response) -> response.header("content-type", "text/plain; charset=utf-8")
                        .header("date", date.value())
                        .header("server", "reactor-netty")
                        .header("content-length", "13")
                        .sendObject(Unpooled.wrappedBuffer(body)));
        if (args.length == 1) {
            server = server.protocol(HttpProtocol.H2C);
        } else {
            SslProvider.GenericSslContextSpec<?> tls =
                    Http2SslContextSpec.forServer(new File(args[1]), new File(args[2]));
            server = server.protocol(HttpProtocol.H2).secure(spec -> spec.sslContext(tls));
        }
        DisposableServer bound = server.bindNow();
        Console.serve(bound::disposeNow);
    }
}
