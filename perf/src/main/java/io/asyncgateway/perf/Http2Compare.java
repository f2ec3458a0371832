package io.asyncgateway.perf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Measures the processor time that a plaintext request over HTTP/2 costs the whole server process: ours, Reactor Netty's and nginx's side by side, without TLS and with it. {@code perf/README.md} says what it
 * does and how to read it.
 */
public final class Http2Compare {
    private static final double BAR = 1.0;
    private static final int STREAMS = 64;
    private static final int SERVER_PROCESSOR = 0;
    private static final int LOAD_PROCESSOR = 1;
    private static final int PEER_PORT = 18_105;
    private static final int GATEWAY_PORT = 18_106;
    private static final int NGINX_PORT = 18_107;

    private Http2Compare() {}

    /**
     * Runs the comparison and prints two tables.
     *
     * @param args see {@link Options}
     * @throws IOException if a server or the load generator fails
     */
    public static void main(String[] args) throws IOException {
        Options options = Options.of(args);
        Path folder = Files.createTempDirectory("async-gateway-perf-");
        try {
            Path certificate = folder.resolve("server.crt");
            Path key = folder.resolve("server.key");
            makeCertificate(certificate, key);
            System.out.println("scenario    Reactor Netty: µs (user)  gateway: µs (user)  ratio (lowest-highest)  bar");
            measure("h2c", "http", List.of(), options, folder);
            measure("h2", "https", List.of(certificate, key), options, folder);
        } finally {
            delete(folder);
        }
    }

    private static void measure(String name, String scheme, List<Path> tls, Options options, Path folder)
            throws IOException {
        List<Cost> peer = new ArrayList<>();
        List<Cost> gateway = new ArrayList<>();
        List<Cost> nginx = new ArrayList<>();
        List<Object> peerArguments = new ArrayList<>(List.of(PEER_PORT));
        peerArguments.addAll(tls);
        List<Object> ourArguments = new ArrayList<>(List.of(GATEWAY_PORT, 1, "reference", 60));
        ourArguments.addAll(tls);
        Load load = new H2load(LOAD_PROCESSOR, scheme, options.connections(), STREAMS);
        try (ServerProcess theirs = ServerProcess.start(
                        SERVER_PROCESSOR, options.jvmOptions(), ReactorNettyServer.class, peerArguments.toArray());
                ServerProcess ours = ServerProcess.start(
                        SERVER_PROCESSOR, options.jvmOptions(), GatewayServer.class, ourArguments.toArray());
                Nginx third = Nginx.start(SERVER_PROCESSOR, NGINX_PORT, tls, folder)) {
            load.run(PEER_PORT, Scenario.PLAINTEXT, options.warmup());
            load.run(GATEWAY_PORT, Scenario.PLAINTEXT, options.warmup());
            for (int round = 0; round < options.rounds(); round++) {
                peer.add(Compare.round(load, theirs, PEER_PORT, Scenario.PLAINTEXT, options.seconds()));
                gateway.add(Compare.round(load, ours, GATEWAY_PORT, Scenario.PLAINTEXT, options.seconds()));
                nginx.add(round(load, third, options.seconds()));
            }
        }
        System.out.println(new Result(name, BAR, peer, gateway));
        System.out.println(new Result(name + " nginx", BAR, nginx, List.of()));
    }

    private static Cost round(Load load, Nginx nginx, int seconds) throws IOException {
        CpuTime before = nginx.cpu();
        long requests = load.run(NGINX_PORT, Scenario.PLAINTEXT, seconds);
        CpuTime used = nginx.cpu().minus(before);
        return new Cost(used.microseconds() / requests, used.userMicroseconds() / requests, requests);
    }

    private static void makeCertificate(Path certificate, Path key) throws IOException {
        List<String> command = List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!Files.exists(certificate)) {
            throw new IOException(String.format(Locale.ROOT, "openssl said:%n%s", output));
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
