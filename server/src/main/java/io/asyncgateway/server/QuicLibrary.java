package io.asyncgateway.server;

import io.netty.handler.codec.quic.Quic;

/** Whether Netty's QUIC, which not everybody has on the class path, is there and runs on this platform. */
final class QuicLibrary {
    private static final String CLASSES = "io.netty.handler.codec.quic.Quic";

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
            throw new ServerException(
                    "http3: no QUIC on the class path (expected: io.netty:netty-codec-native-quic with the classifier of"
                            + " this platform, for example linux-x86_64)",
                    missing);
        }
        Library.load();
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
            throw new ServerException(
                    "http3: the native library of QUIC can't be loaded (expected: io.netty:netty-codec-native-quic with"
                            + " the classifier of this platform, for example linux-x86_64): "
                            + root.getMessage(),
                    Quic.unavailabilityCause());
        }
    }
}
