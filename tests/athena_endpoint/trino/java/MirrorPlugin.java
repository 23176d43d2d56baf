package comprova.athena;

import io.trino.plugin.hive.InternalHiveConnectorFactory;
import io.trino.spi.Plugin;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorContext;
import io.trino.spi.connector.ConnectorFactory;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Trino's hive connector, as it is, over a local mirror of S3: connector.name=mirror with mirror.root=(folder). */
public class MirrorPlugin
        implements Plugin
{
    @Override
    public Iterable<ConnectorFactory> getConnectorFactories()
    {
        return List.of(new MirrorConnectorFactory());
    }

    private static class MirrorConnectorFactory
            implements ConnectorFactory
    {
        @Override
        public String getName()
        {
            return "mirror";
        }

        @Override
        public Connector create(String catalogName, Map<String, String> config, ConnectorContext context)
        {
            Map<String, String> hiveConfig = new HashMap<>(config);
            Path root = Path.of(hiveConfig.remove("mirror.root"));
            return InternalHiveConnectorFactory.createConnector(
                    catalogName,
                    hiveConfig,
                    context,
                    binder -> {},
                    Optional.empty(),
                    Optional.of(new MirrorFileSystemFactory(root)),
                    Optional.empty());
        }
    }
}
