package io.asyncgateway.cli;

import io.asyncgateway.server.UnixSocketOptions;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/** The options of the files of Unix sockets. */
final class UnixSocketTable {
    /** Of the most significant bit first. */
    private static final List<PosixFilePermission> BITS = List.of(PosixFilePermission.values());

    private static final ValueType<Set<PosixFilePermission>> PERMISSIONS = new ValueType<>(
            "MODE", "an octal number such as 660", UnixSocketTable::permissions, UnixSocketTable::octal);

    private static final ValueType<String> USER =
            new ValueType<>("USER", "a name or a number", UnixSocketTable::name, name -> name);

    private static final ValueType<String> GROUP =
            new ValueType<>("GROUP", "a name or a number", UnixSocketTable::name, name -> name);

    private UnixSocketTable() {}

    static List<Option> options() {
        return List.of(
                of(
                        "uds-permissions",
                        PERMISSIONS,
                        UnixSocketOptions::withPermissions,
                        "Permissions of Unix sockets, octal: 660 lets owner and group connect. Default: what the umask leaves."),
                of(
                        "uds-owner",
                        USER,
                        UnixSocketOptions::withOwner,
                        "The user that owns Unix sockets; another than the process's own takes root."),
                of("uds-group", GROUP, UnixSocketOptions::withGroup, "The group of Unix sockets."));
    }

    private static <T> Option of(
            String name,
            ValueType<T> type,
            BiFunction<UnixSocketOptions, T, UnixSocketOptions> set,
            String description) {
        return Option.withoutDefault(
                OptionGroup.ADDRESSES,
                name,
                type,
                (launch, value) -> launch.withServer(server -> server.withTransport(server.transport()
                        .withUnixSockets(set.apply(server.transport().unixSockets(), value)))),
                description);
    }

    private static Set<PosixFilePermission> permissions(String text) {
        if (!text.matches("0?[0-7]{3}")) {
            throw new IllegalArgumentException(text);
        }
        int bits = Integer.parseInt(text, 8);
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission permission : BITS) {
            if ((bits & bit(permission)) != 0) {
                permissions.add(permission);
            }
        }
        return permissions;
    }

    private static String octal(Set<PosixFilePermission> permissions) {
        int bits = 0;
        for (PosixFilePermission permission : permissions) {
            bits |= bit(permission);
        }
        return Integer.toOctalString(bits);
    }

    private static int bit(PosixFilePermission permission) {
        return 1 << BITS.size() - 1 - BITS.indexOf(permission);
    }

    private static String name(String text) {
        if (text.isEmpty() || text.indexOf(':') >= 0) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }
}
