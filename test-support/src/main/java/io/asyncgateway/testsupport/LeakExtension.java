package io.asyncgateway.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Fails each test class in which a buffer of Netty's was lost without being released. Found by JUnit itself (META-INF/services) in every module that
 * depends on this one, so that no class can forget it, and with the session of the tests, before any class of Netty's makes its detector, whichever
 * engine runs first.
 */
public final class LeakExtension implements AfterAllCallback, LauncherSessionListener {
    static {
        LostBuffers.watch();
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        assertThat(takeLeaks()).as("leaked buffers").isEmpty();
    }

    /** What was lost until now and nobody has taken yet. */
    @SuppressWarnings("ThreadPriorityCheck") // a hint: what comes too late is found behind the next class
    public static List<String> takeLeaks() throws InterruptedException {
        awaitCollection();
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            taken.addAll(LostBuffers.take());
            Thread.yield();
        }
        return taken;
    }

    /** Returns when the garbage collector has told of what was unreachable before. */
    private static void awaitCollection() throws InterruptedException {
        ReferenceQueue<Object> collected = new ReferenceQueue<>();
        WeakReference<Object> canary = new WeakReference<>(new Object(), collected);
        do {
            System.gc();
        } while (collected.remove(1000) != canary);
    }
}
