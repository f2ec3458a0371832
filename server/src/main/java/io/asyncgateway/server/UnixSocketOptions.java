package io.asyncgateway.server;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of the Unix domain sockets that the server binds. Who may connect is who may write to the file and reach its folder, so with
 * {@link ProxyOptions} that trust {@code unix} these say who is believed.
 *
 * @param permissions those of the file, or {@code null} for what the process's umask leaves, which mostly lets its own user alone connect. Default
 *     {@code null}
 * @param owner the user that owns the file, by name or number, or {@code null} for that of the process. Another one takes the right to give files away
 *     (root, CAP_CHOWN). Default {@code null}
 * @param group the group of the file, by name or number, or {@code null} for that of the process. Default {@code null}
 */
public record UnixSocketOptions(
        @Nullable Set<PosixFilePermission> permissions,
        @Nullable String owner,
        @Nullable String group) {
    private static final UnixSocketOptions DEFAULTS = new UnixSocketOptions(null, null, null);

    /** Copies the permissions. */
    public UnixSocketOptions {
        permissions = permissions == null ? null : Set.copyOf(permissions);
    }

    /**
     * The defaults of the table above.
     *
     * @return a constant
     */
    public static UnixSocketOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with other {@link #permissions()}.
     *
     * @param value the new value, as {@link PosixFilePermissions#fromString} makes it
     * @return a changed copy
     */
    public UnixSocketOptions withPermissions(@Nullable Set<PosixFilePermission> value) {
        return new UnixSocketOptions(value, owner, group);
    }

    /**
     * The same with another {@link #owner()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public UnixSocketOptions withOwner(@Nullable String value) {
        return new UnixSocketOptions(permissions, value, group);
    }

    /**
     * The same with another {@link #group()}.
     *
     * @param value the new value
     * @return a changed copy
     */
    public UnixSocketOptions withGroup(@Nullable String value) {
        return new UnixSocketOptions(permissions, owner, value);
    }
}
