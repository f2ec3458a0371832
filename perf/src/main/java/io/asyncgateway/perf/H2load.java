package io.asyncgateway.perf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTTP/2 load by {@code h2load} (Debian: {@code apt-get install nghttp2-client}). */
final class H2load implements Load {
    private static final Pattern SUCCEEDED = Pattern.compile("(\\d+) succeeded, 0 failed, 0 errored");

    private final int processor;
    private final String scheme;
    private final int connections;
    private final int streams;

    /**
     * A load over this many connections with this many streams each.
     *
     * @param scheme {@code http} for prior knowledge, {@code https} for ALPN
     */
    H2load(int processor, String scheme, int connections, int streams) {
        this.processor = processor;
        this.scheme = scheme;
        this.connections = connections;
        this.streams = streams;
    }

    @Override
    public long run(int port, Scenario scenario, int seconds) throws IOException {
        List<String> command = List.of(
                "taskset",
                "-c",
                Integer.toString(processor),
                "h2load",
                "-t1",
                "-c" + connections,
                "-m" + streams,
                "-D" + seconds,
                scheme + "://127.0.0.1:" + port + scenario.path());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher succeeded = SUCCEEDED.matcher(output);
        if (!succeeded.find()) {
            throw new IOException("h2load said:\n" + output);
        }
        return Long.parseLong(succeeded.group(1));
    }

    @Override
    public void close() {}
}
