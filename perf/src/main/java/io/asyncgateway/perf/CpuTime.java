package io.asyncgateway.perf;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What the operating system says a process has used of a processor, without the threads of the JIT compilers: their work ends when the
 * server is warm, and belongs to no request.
 *
 * @param user in user mode, in clock ticks
 * @param system in the kernel, in clock ticks
 */
record CpuTime(long user, long system) {
    /** Linux has told user space for decades that a tick is 10 ms (USER_HZ). */
    private static final double MICROSECONDS_PER_TICK = 10_000;

    private static final int USER_FIELD = 11;
    private static final int SYSTEM_FIELD = 12;

    /** The sum over the threads that live now. */
    static CpuTime of(long pid) throws IOException {
        long user = 0;
        long system = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                String stat = stat(thread);
                if (!stat.contains("Compiler")) {
                    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                    user += Long.parseLong(fields[USER_FIELD]);
                    system += Long.parseLong(fields[SYSTEM_FIELD]);
                }
            }
        }
        return new CpuTime(user, system);
    }

    /** Empty fields for a thread that has just ended. */
    private static String stat(Path thread) throws IOException {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (NoSuchFileException e) {
            return "(Compiler)";
        }
    }

    CpuTime minus(CpuTime earlier) {
        return new CpuTime(user - earlier.user, system - earlier.system);
    }

    double microseconds() {
        return (user + system) * MICROSECONDS_PER_TICK;
    }

    double userMicroseconds() {
        return user * MICROSECONDS_PER_TICK;
    }
}
