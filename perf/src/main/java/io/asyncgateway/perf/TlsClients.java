package io.asyncgateway.perf;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Clients that make requests over TLS one after the other: half of them on a connection that they keep, half on a new one each. They trust every certificate. */
final class TlsClients implements AutoCloseable {
    private static final int CLIENTS = 8;
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final byte[] REQUEST = "GET /plaintext HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);
    private static final String END = "Hello, World!";

    private final int port;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong onNew = new AtomicLong();
    private final AtomicLong onKept = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile String name = "";
    private volatile boolean stopped;

    private TlsClients(int port) {
        this.port = port;
    }

    static TlsClients start(int port) {
        TlsClients clients = new TlsClients(port);
        for (int i = 0; i < CLIENTS; i++) {
            boolean keeps = i % 2 == 0;
            Thread thread = new Thread(keeps ? clients::keep : clients::renew, "client-" + i);
            thread.start();
            clients.threads.add(thread);
        }
        return clients;
    }

    long onNew() {
        return onNew.get();
    }

    long onKept() {
        return onKept.get();
    }

    long failures() {
        return failures.get();
    }

    /** Waits until a new connection has seen a certificate with this common name; returns when. */
    long awaitName(String expected) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
        while (!name.equals("CN=" + expected)) {
            if (System.nanoTime() - end > 0) {
                throw new IOException("still served is " + name + " (expected: CN=" + expected + ")");
            }
            Thread.sleep(5);
        }
        return System.nanoTime();
    }

    void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void renew() {
        while (!stopped) {
            try (SSLSocket socket = connect()) {
                X509Certificate certificate =
                        (X509Certificate) socket.getSession().getPeerCertificates()[0];
                name = certificate.getSubjectX500Principal().getName();
                request(socket);
                onNew.incrementAndGet();
            } catch (IOException | GeneralSecurityException failure) {
                failed(failure);
            }
        }
    }

    private void keep() {
        try (SSLSocket socket = connect()) {
            while (!stopped) {
                request(socket);
                onKept.incrementAndGet();
            }
        } catch (IOException | GeneralSecurityException failure) {
            failed(failure);
        }
    }

    private void failed(Exception failure) {
        if (failures.incrementAndGet() <= 5) {
            System.err.println("request failed: " + failure);
        }
    }

    private SSLSocket connect() throws IOException, GeneralSecurityException {
        // A context for each connection, so that none resumes a session.
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAll()}, null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private static void request(SSLSocket socket) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(REQUEST);
        out.flush();
        InputStream in = socket.getInputStream();
        StringBuilder answer = new StringBuilder();
        byte[] octets = new byte[1024];
        while (answer.indexOf(END) < 0) {
            int read = in.read(octets);
            if (read < 0) {
                throw new IOException("closed after " + answer);
            }
            answer.append(new String(octets, 0, read, US_ASCII));
        }
    }

    @Override
    public void close() throws IOException {
        stopped = true;
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
