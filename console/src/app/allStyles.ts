// The styles of every component; the first view has those that it needs itself.
import "@mantine/core/styles.layer.css";
