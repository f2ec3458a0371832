package io.asyncgateway.server;

import io.netty.handler.codec.quic.Quic;
import io.netty.util.internal.PlatformDependent;
import java.io.FileNotFoundException;
import java.util.List;

/** Whether Netty's QUIC, which not everybody has on the class path, is there and runs on this platform. */
final class QuicLibrary {
    private static final String CLASSES = "io.netty.handler.codec.quic.Quic";

    /** The classifiers of the native library. */
    private static final List<String> PLATFORMS =
            List.of("linux-x86_64", "linux-aarch_64", "osx-x86_64", "osx-aarch_64", "windows-x86_64");

    private QuicLibrary() {}

    /**
     * Says what is missing.
     *
     * @throws ServerException if HTTP/3 can't be served
     */
    static void check() {
        try {
            Class.forName(CLASSES, false, QuicLibrary.class.getClassLoader());
        } catch (ClassNotFoundException missing) {
            throw missing("no class " + CLASSES + " on the class path", missing);
        }
        Library.load();
    }

    /** In one line, whatever was found. */
    private static ServerException missing(String found, Throwable cause) {
        return new ServerException(
                "http3: " + found.lines().findFirst().orElse("") + " (expected: " + expected(platform()) + ")", cause);
    }

    /** As Netty's loader names it. */
    private static String platform() {
        return PlatformDependent.normalizedOs() + '-' + PlatformDependent.normalizedArch();
    }

    static String expected(String platform) {
        return PLATFORMS.contains(platform)
                ? "io.netty:netty-codec-native-quic with the classifier " + platform
                : "one of the platforms " + String.join(", ", PLATFORMS) + "; this is " + platform;
    }

    /** Touched only where the classes are there. */
    private static final class Library {
        static void load() {
            if (Quic.isAvailable()) {
                return;
            }
            Throwable root = Quic.unavailabilityCause();
            while (root.getCause() != null) {
                root = root.getCause();
            }
            throw missing(
                    root instanceof FileNotFoundException
                            ? "no " + root.getMessage() + " on the class path"
                            : "the native library of QUIC can't be loaded: " + root.getMessage(),
                    root);
        }
    }
}
