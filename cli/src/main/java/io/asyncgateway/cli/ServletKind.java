package io.asyncgateway.cli;

import io.asyncgateway.api.Application;
import io.asyncgateway.servlet.ServletApplication;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A servlet or a WAR, on a worker pool of its own. The adapter and its engine may be missing on the class path of who uses the command as a library, so that nothing here is
 * touched before {@link #isOnClassPath} has said yes.
 */
final class ServletKind implements ApplicationKind {
    /** What a ZIP file with something in it begins with. */
    private static final int[] ZIP = {'P', 'K', 3, 4};

    /** Whether the adapter is there. */
    static boolean isOnClassPath() {
        try {
            Class.forName("io.asyncgateway.servlet.ServletApplication", false, ServletKind.class.getClassLoader());
            Class.forName("jakarta.servlet.Servlet", false, ServletKind.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException missing) {
            return false;
        }
    }

    @Override
    public Class<?> type() {
        return Servlet.class;
    }

    @Override
    public Application adapt(Object instance, Launch launch) {
        return on(ServletApplication.builder().servlet((Servlet) instance), launch);
    }

    @Override
    public boolean opens(Path file) {
        return Files.isDirectory(file) ? Files.isDirectory(file.resolve("WEB-INF")) : isZip(file);
    }

    @Override
    public Application open(Path file, Launch launch) {
        try {
            return on(ServletApplication.builder().war(file), launch);
        } catch (IllegalStateException missing) {
            throw new StartException(String.valueOf(missing.getMessage()), missing);
        }
    }

    private static Application on(ServletApplication.Builder application, Launch launch) {
        return application
                .pool(launch.workers().makePool(launch.server().timeouts().gracefulShutdown()))
                .build();
    }

    private static boolean isZip(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            for (int expected : ZIP) {
                if (in.read() != expected) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new StartException("can't read " + file + ": " + OneLine.of(e), e);
        }
    }
}
