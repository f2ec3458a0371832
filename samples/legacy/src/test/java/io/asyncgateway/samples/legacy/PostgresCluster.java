package io.asyncgateway.samples.legacy;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A PostgreSQL server of the test's own, on a free port, in a folder that is deleted. It refuses to run as root, so root lets the user {@code postgres} run it. */
final class PostgresCluster {
    static final String USER = "shop";
    static final String PASSWORD = "a password of the test";

    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private final Path folder;
    private final int port;

    private PostgresCluster(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    static boolean isInstalled() throws IOException {
        return bin().isPresent();
    }

    static PostgresCluster start() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("shop-postgres-");
        Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        if (isRoot()) {
            run(List.of("chown", "-R", "postgres", folder.toString()));
        }
        int port = freePort();
        PostgresCluster cluster = new PostgresCluster(folder, port);
        cluster.postgres(
                "initdb",
                "-D",
                cluster.data(),
                "-U",
                USER,
                "-A",
                "scram-sha-256",
                "--pwfile",
                password.toString(),
                "-E",
                "UTF8",
                "--no-sync");
        cluster.postgres(
                "pg_ctl",
                "-D",
                cluster.data(),
                "-l",
                folder.resolve("log").toString(),
                "-w",
                "-t",
                "60",
                "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off",
                "start");
        return cluster;
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private void postgres(String tool, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(bin().orElseThrow().resolve(tool).toString());
        command.addAll(List.of(arguments));
        run(command);
    }

    /** Its output goes to a file: a server that was started keeps a pipe open. */
    private static void run(List<String> command) throws IOException, InterruptedException {
        File output = File.createTempFile("shop-postgres-", ".out");
        try {
            int exit = new ProcessBuilder(command)
                    .directory(new File("/"))
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IOException(command + ": exit code " + exit + ": "
                        + Files.readString(output.toPath(), StandardCharsets.UTF_8));
            }
        } finally {
            Files.delete(output.toPath());
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** The newest of Debian's, or the one on the path. */
    private static Optional<Path> bin() throws IOException {
        List<Path> folders = new ArrayList<>();
        if (Files.isDirectory(DEBIAN)) {
            try (Stream<Path> versions = Files.list(DEBIAN)) {
                versions.sorted(Comparator.comparing(PostgresCluster::version).reversed())
                        .map(version -> version.resolve("bin"))
                        .forEach(folders::add);
            }
        }
        for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
            folders.add(Path.of(folder));
        }
        return folders.stream()
                .filter(folder ->
                        Files.isExecutable(folder.resolve("initdb")) && Files.isExecutable(folder.resolve("pg_ctl")))
                .findFirst();
    }

    private static int version(Path folder) {
        String name = folder.getFileName().toString();
        return name.matches("\\d{1,4}") ? Integer.parseInt(name) : 0;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    void stop() throws IOException, InterruptedException {
        postgres("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
