package io.asyncgateway.server;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;

/**
 * The file of a Unix domain socket that the server binds. It makes way for it: one that a server left behind when it died would be in the way for ever, and a transport would either fail on
 * it or take away whatever is there, also the socket of a server that lives.
 */
final class SocketFile {
    private SocketFile() {}

    /**
     * Removes a socket on which nobody listens. Blocks.
     *
     * @throws IOException if something else is there
     */
    static void makeWay(UnixDomainSocketAddress address) throws IOException {
        Path file = address.getPath();
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        // What is neither a file nor a folder nor a link is a socket here, or it refuses to be connected to.
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException("a file that is no socket is there");
        }
        if (isListenedOn(address)) {
            throw new IOException("address already in use");
        }
        Files.delete(file);
    }

    /**
     * Gives the file of a socket to those who may connect. Blocks.
     *
     * @throws IOException if the file system has no such permissions, user or group, or does not allow it
     */
    static void give(UnixDomainSocketAddress address, UnixSocketOptions options) throws IOException {
        Path file = address.getPath();
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        UserPrincipalLookupService names = file.getFileSystem().getUserPrincipalLookupService();
        String step = "";
        try {
            if (options.group() != null) {
                step = "group " + options.group();
                view.setGroup(names.lookupPrincipalByGroupName(options.group()));
            }
            if (options.owner() != null) {
                step = "owner " + options.owner();
                view.setOwner(names.lookupPrincipalByName(options.owner()));
            }
            if (options.permissions() != null) {
                step = "permissions " + PosixFilePermissions.toString(options.permissions());
                view.setPermissions(options.permissions());
            }
        } catch (UserPrincipalNotFoundException unknown) {
            throw new IOException(step + ": unknown (expected: a name or a number)");
        } catch (IOException refused) {
            throw new IOException(step + ": " + reason(refused));
        }
    }

    private static String reason(IOException refused) {
        String reason = refused instanceof FileSystemException system ? system.getReason() : null;
        return reason == null ? refused.toString() : reason;
    }

    private static boolean isListenedOn(UnixDomainSocketAddress address) {
        try (SocketChannel probe = SocketChannel.open(address)) {
            return probe.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
