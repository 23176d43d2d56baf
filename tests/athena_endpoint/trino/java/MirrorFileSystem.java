package comprova.athena;

import io.trino.filesystem.FileEntry;
import io.trino.filesystem.FileIterator;
import io.trino.filesystem.Location;
import io.trino.filesystem.TrinoFileSystem;
import io.trino.filesystem.TrinoInputFile;
import io.trino.filesystem.TrinoOutputFile;
import io.trino.filesystem.local.LocalFileSystem;
import io.trino.filesystem.local.LocalInputFile;
import io.trino.filesystem.local.LocalOutputFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** s3://bucket/key lies in (root)/buckets/bucket/key and keeps its name; local:///path (the metastore) in (root)/path. */
final class MirrorFileSystem
        implements TrinoFileSystem
{
    private static final String BUCKETS = "local:///buckets/";
    private static final String S3 = "s3://";

    private final Path root;
    private final Journal journal;
    private final LocalFileSystem local;

    MirrorFileSystem(Path root, Journal journal)
    {
        this.root = root;
        this.journal = journal;
        this.local = new LocalFileSystem(root);
    }

    @Override
    public TrinoInputFile newInputFile(Location location)
    {
        return new JournaledFile(new LocalInputFile(location, path(location)), journal);
    }

    @Override
    public TrinoInputFile newInputFile(Location location, long length)
    {
        return new JournaledFile(new LocalInputFile(location, path(location), length), journal);
    }

    @Override
    public TrinoOutputFile newOutputFile(Location location)
    {
        return new LocalOutputFile(location, path(location));
    }

    @Override
    public FileIterator listFiles(Location location)
            throws IOException
    {
        journal.write("list", 0, location);
        if (!Files.isDirectory(path(location))) {
            return FileIterator.empty();
        }
        FileIterator files = local.listFiles(mirrored(location));
        return new FileIterator()
        {
            @Override
            public boolean hasNext()
                    throws IOException
            {
                return files.hasNext();
            }

            @Override
            public FileEntry next()
                    throws IOException
            {
                FileEntry file = files.next();
                return new FileEntry(original(file.location()), file.length(), file.lastModified(), file.blocks());
            }
        };
    }

    @Override
    public Set<Location> listDirectories(Location location)
            throws IOException
    {
        return local.listDirectories(mirrored(location)).stream()
                .map(MirrorFileSystem::original)
                .collect(Collectors.toSet());
    }

    @Override
    public Optional<Boolean> directoryExists(Location location)
    {
        // In S3 there are no directories: every prefix can be listed.
        return isS3(location) ? Optional.empty() : local.directoryExists(location);
    }

    @Override
    public void createDirectory(Location location)
            throws IOException
    {
        local.createDirectory(mirrored(location));
    }

    @Override
    public void deleteFile(Location location)
            throws IOException
    {
        local.deleteFile(mirrored(location));
    }

    @Override
    public void deleteDirectory(Location location)
            throws IOException
    {
        local.deleteDirectory(mirrored(location));
    }

    @Override
    public void renameFile(Location source, Location target)
            throws IOException
    {
        local.renameFile(mirrored(source), mirrored(target));
    }

    @Override
    public void renameDirectory(Location source, Location target)
            throws IOException
    {
        local.renameDirectory(mirrored(source), mirrored(target));
    }

    @Override
    public Optional<Location> createTemporaryDirectory(Location target, String temporaryPrefix, String relativePrefix)
    {
        return Optional.empty();
    }

    private Path path(Location location)
    {
        return root.resolve(mirrored(location).path());
    }

    private static boolean isS3(Location location)
    {
        return location.toString().startsWith(S3);
    }

    private static Location mirrored(Location location)
    {
        return isS3(location) ? Location.of(BUCKETS + location.toString().substring(S3.length())) : location;
    }

    private static Location original(Location location)
    {
        String text = location.toString();
        return text.startsWith(BUCKETS) ? Location.of(S3 + text.substring(BUCKETS.length())) : location;
    }
}
