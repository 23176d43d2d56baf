package comprova.athena;

import io.trino.filesystem.TrinoFileSystem;
import io.trino.filesystem.TrinoFileSystemFactory;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.security.ConnectorIdentity;

import java.nio.file.Path;

/** Gives every query a file system that keeps that query's journal. */
final class MirrorFileSystemFactory
        implements TrinoFileSystemFactory
{
    private final Path root;

    MirrorFileSystemFactory(Path root)
    {
        this.root = root;
    }

    @Override
    public TrinoFileSystem create(ConnectorSession session)
    {
        return new MirrorFileSystem(root, Journal.of(root.resolve("journal").resolve(session.getQueryId())));
    }

    @Override
    public TrinoFileSystem create(ConnectorIdentity identity)
    {
        return new MirrorFileSystem(root, Journal.NONE);
    }
}
