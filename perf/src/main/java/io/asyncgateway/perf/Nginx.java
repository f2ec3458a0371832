package io.asyncgateway.perf;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** nginx as one process, with a fixed answer over HTTP/2 (Debian: {@code apt-get install nginx}). */
final class Nginx implements AutoCloseable {
    private static final String CONFIGURATION = """
            daemon off;
            master_process off;
            pid %1$s/nginx.pid;
            error_log stderr warn;
            events { worker_connections 1024; }
            http {
              access_log off;
              keepalive_requests 1000000000;
              client_body_temp_path %1$s;
              proxy_temp_path %1$s;
              fastcgi_temp_path %1$s;
              uwsgi_temp_path %1$s;
              scgi_temp_path %1$s;
              server {
                listen 127.0.0.1:%2$d %3$s;
                %4$s
                location / { default_type "text/plain; charset=utf-8"; return 200 "Hello, World!"; }
              }
            }
            """;

    private final Process process;

    private Nginx(Process process) {
        this.process = process;
    }

    /** Starts it and waits until it takes connections; with TLS where there are a certificate and a key. */
    static Nginx start(int processor, int port, List<Path> tls, Path folder) throws IOException {
        String listen = tls.isEmpty() ? "http2" : "ssl http2";
        String files =
                tls.isEmpty() ? "" : "ssl_certificate " + tls.get(0) + "; ssl_certificate_key " + tls.get(1) + ";";
        Path file =
                Files.writeString(folder.resolve("nginx.conf"), CONFIGURATION.formatted(folder, port, listen, files));
        List<String> command = List.of(
                "taskset", "-c", Integer.toString(processor), "nginx", "-p", folder.toString(), "-c", file.toString());
        Nginx nginx = new Nginx(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        for (int attempts = 0; !nginx.answers(port); attempts++) {
            if (attempts == 100 || !nginx.process.isAlive()) {
                nginx.close();
                throw new IOException("nginx does not start");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        return nginx;
    }

    private boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    CpuTime cpu() throws IOException {
        return CpuTime.of(process.pid());
    }

    @Override
    public void close() {
        process.destroy();
    }
}
