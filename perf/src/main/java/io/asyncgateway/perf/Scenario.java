package io.asyncgateway.perf;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is asked of the servers, and how much of raw Netty's time ours may take. */
enum Scenario {
    PLAINTEXT("/plaintext", "", "", 1.05),
    HEADERS("/plaintext", "", """
            Connection: keep-alive
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
            Accept-Language: en-GB,en;q=0.7,de;q=0.3
            Accept-Encoding: gzip, deflate, br, zstd
            Referer: http://localhost:8000/index.html
            Cookie: session=0123456789abcdef0123456789abcdef; theme=dark; consent=1
            Upgrade-Insecure-Requests: 1
            Sec-Fetch-Mode: navigate
            Priority: u=0, i
            """, 1.05),
    PIPELINED("/plaintext", "pipelined.lua", "", 1.00),
    ECHO("/echo", "echo.lua", "", 1.10),
    STREAM("/stream", "", "", 0.90),
    JSON("/json", "", "", 1.05),
    WEBSOCKET("/ws", "", "", 1.10);

    private final String path;
    private final String script;
    private final String fields;
    private final double bar;

    Scenario(String path, String script, String fields, double bar) {
        this.path = path;
        this.script = script;
        this.fields = fields;
        this.bar = bar;
    }

    String path() {
        return path;
    }

    /** The name of a script for wrk beside this class; empty for none. */
    String script() {
        return script;
    }

    /** Header fields besides Host. */
    List<String> fields() {
        return fields.lines().toList();
    }

    /** The largest ratio to raw Netty that is good enough. */
    double bar() {
        return bar;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Scenario of(String label) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.label().equals(label))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("scenario: " + label + " (expected: " + labels() + ")"));
    }

    static String labels() {
        return Arrays.stream(values()).map(Scenario::label).collect(Collectors.joining(","));
    }
}
