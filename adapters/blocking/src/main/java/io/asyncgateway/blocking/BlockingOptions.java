package io.asyncgateway.blocking;

/**
 * How {@link Blocking#application} treats its application.
 *
 * @param partSize bytes that a body is sent in at a time, where it comes from a stream or a writer; what one request holds of its response. Default 16 KiB
 * @param interruptOnDisconnect whether an application is interrupted when its client leaves. If not, only its reads and writes fail, and it is
 *     interrupted by deadlines and at the end of the server alone. Default {@code true}
 */
public record BlockingOptions(int partSize, boolean interruptOnDisconnect) {
    private static final BlockingOptions DEFAULTS = new BlockingOptions(16 * 1024, true);

    /** Validates each value. */
    public BlockingOptions {
        if (partSize < 256 || partSize > 1 << 24) {
            throw new IllegalArgumentException("partSize: " + partSize + " (expected: 256-" + (1 << 24) + ")");
        }
    }

    /**
     * The defaults of the table above.
     *
     * @return a constant
     */
    public static BlockingOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another {@link #partSize()}.
     *
     * @param value the new value
     * @return a changed copy
     * @throws IllegalArgumentException if the value is not valid
     */
    public BlockingOptions withPartSize(int value) {
        return new BlockingOptions(value, interruptOnDisconnect);
    }

    /**
     * The same with another {@link #interruptOnDisconnect()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public BlockingOptions withInterruptOnDisconnect(boolean value) {
        return new BlockingOptions(partSize, value);
    }
}
