package io.asyncgateway.perf;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Checks that a servlet streams a GiB up and a GiB down in a heap of 128 MiB, and how soon a client that leaves wakes a read or a write that waits for it. Exits with 1 where a
 * bound is missed.
 */
public final class ServletCheck {
    private static final int PORT = 18_105;
    private static final int SERVER_PROCESSOR = 0;
    private static final List<String> JVM_OPTIONS = List.of("-Xmx128m", "-XX:+UseSerialGC");
    private static final long SIZE = 1L << 30;
    private static final int BUFFER = 64 * 1024;
    private static final int ROUNDS = 20;
    private static final double BOUND_MILLIS = 100;

    /** Long enough for the servlet to be blocked. */
    private static final long UNTIL_BLOCKED_MILLIS = 200;

    /** Past it a servlet counts as never woken. */
    private static final long WITHIN_NANOS = TimeUnit.SECONDS.toNanos(60);

    private ServletCheck() {}

    /**
     * Runs the checks and prints a line for each.
     *
     * @param args none
     * @throws IOException if the server can't be started or reached, or closes a connection
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        boolean met = true;
        try (ServerProcess server =
                ServerProcess.start(SERVER_PROCESSOR, JVM_OPTIONS, GatewayServer.class, PORT, 1, "streams", 60)) {
            met &= report("upload of 1 GiB", upload(), server);
            met &= report("download of 1 GiB", download(), server);
            met &= report("wakes a read", wakes("POST / HTTP/1.1\r\nContent-Length: 10\r\n", "12345"));
            met &= report("wakes a write", wakes("GET /?n=" + SIZE + " HTTP/1.1\r\n", ""));
        }
        System.exit(met ? 0 : 1);
    }

    private static boolean report(String name, long bytes, ServerProcess server) throws IOException {
        boolean met = bytes == SIZE;
        System.out.printf(
                Locale.ROOT, "%-18s %s: %d bytes, then %s%n", name, met ? "met" : "MISSED", bytes, Memory.of(server));
        return met;
    }

    private static boolean report(String name, List<Double> millis) {
        Collections.sort(millis);
        double most = millis.get(millis.size() - 1);
        boolean met = most <= BOUND_MILLIS;
        System.out.printf(
                Locale.ROOT,
                "%-18s %s: within %.1f ms, median %.1f ms (%d clients)%n",
                name,
                met ? "met" : "MISSED",
                most,
                millis.get(millis.size() / 2),
                millis.size());
        return met;
    }

    private static long upload() throws IOException {
        try (Socket socket = open()) {
            OutputStream out = socket.getOutputStream();
            head(out, "POST / HTTP/1.1\r\nContent-Length: " + SIZE + "\r\nConnection: close\r\n");
            byte[] buffer = new byte[BUFFER];
            for (long sent = 0; sent < SIZE; sent += BUFFER) {
                out.write(buffer);
            }
            return Long.parseLong(body(socket.getInputStream()));
        }
    }

    private static long download() throws IOException {
        try (Socket socket = open()) {
            head(socket.getOutputStream(), "GET /?n=" + SIZE + " HTTP/1.1\r\nConnection: close\r\n");
            InputStream in = socket.getInputStream();
            skipHead(in);
            return in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** For each of some clients how long it took from their leaving until the servlet knew, in milliseconds. */
    private static List<Double> wakes(String head, String part) throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            long before = woken();
            long left;
            try (Socket socket = open()) {
                head(socket.getOutputStream(), head);
                socket.getOutputStream().write(part.getBytes(US_ASCII));
                Thread.sleep(UNTIL_BLOCKED_MILLIS);
                left = System.nanoTime();
            }
            long woken = woken();
            while (woken == before && System.nanoTime() - left < WITHIN_NANOS) {
                Thread.sleep(1);
                woken = woken();
            }
            millis.add(woken == before ? Double.POSITIVE_INFINITY : (woken - left) / 1e6);
        }
        return millis;
    }

    private static long woken() throws IOException {
        try (Socket socket = open()) {
            head(socket.getOutputStream(), "GET /woken HTTP/1.1\r\nConnection: close\r\n");
            return Long.parseLong(body(socket.getInputStream()));
        }
    }

    private static Socket open() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), PORT);
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static void head(OutputStream out, String head) throws IOException {
        out.write((head + "Host: localhost\r\n\r\n").getBytes(US_ASCII));
    }

    private static String body(InputStream in) throws IOException {
        skipHead(in);
        return new String(in.readAllBytes(), US_ASCII);
    }

    /** To behind the empty line. */
    private static void skipHead(InputStream in) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("the connection ended in: " + seen);
            }
            seen.append((char) octet);
        }
        if (!seen.toString().startsWith("HTTP/1.1 200 ")) {
            throw new IOException("the server answered: " + seen);
        }
    }
}
