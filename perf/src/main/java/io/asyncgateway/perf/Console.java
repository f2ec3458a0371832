package io.asyncgateway.perf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a measured process and the tool that started it say to each other: {@code ready} when it serves, a line of figures for each
 * {@code memory}, and the end of standard input to end it, so that no server outlives the tool.
 */
final class Console {
    /** What a server says when it serves. */
    static final String READY = "ready";
    /** What a server is asked for its memory after a full collection. The answer: heap, then direct buffers, in bytes. */
    static final String MEMORY = "memory";

    private Console() {}

    /** Says that the server serves, answers questions until there is nobody to ask, and stops it. */
    static void serve(Runnable stop) {
        serve(Map.of(), stop);
    }

    /** The same with questions of the server's own, each answered with one line. */
    static void serve(Map<String, Supplier<String>> answers, Runnable stop) {
        System.out.println(READY);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(MEMORY)) {
                    System.out.println(heapAfterCollection() + " " + directMemory());
                } else {
                    System.out.println(answers.getOrDefault(line, () -> "unknown: none of the questions")
                            .get());
                }
            }
        } catch (IOException e) {
            System.err.println("standard input failed: " + e.getMessage());
        }
        stop.run();
    }

    private static long heapAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long directMemory() {
        long pools = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return pools + Math.max(0, io.netty.util.internal.PlatformDependent.usedDirectMemory());
    }
}
