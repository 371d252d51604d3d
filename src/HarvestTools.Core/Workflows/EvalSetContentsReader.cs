using System.Text;
using HarvestTools.Derivation.Fields;
using HarvestTools.Files;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Parquet.Reading;
using HarvestTools.Rules;
using HarvestTools.Tables;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Reads an eval set: a folder, a Parquet table, a CSV with columns, an export of Label Studio, or any other text.</summary>
internal static class EvalSetContentsReader
{
    private const int Head = 64 * 1024;

    private static readonly string[] s_folderNames = ["task_subdir", "task", "task_folder"];
    private static readonly char[] s_separators = [',', ';', '\t'];

    /// <param name="path">Full path.</param>
    /// <param name="fields">Where key columns come from, for an export.</param>
    /// <param name="context">Threads, cancellation.</param>
    /// <returns>Null where nothing is there.</returns>
    /// <exception cref="HarvestException">It cannot be read.</exception>
    public static EvalSetContents? Read(string path, FieldMapping fields, WorkContext context)
    {
        if (Directory.Exists(path))
        {
            return new EvalSetContents(path) { Files = [.. TreeHash.FilesOf(path)] };
        }

        if (!File.Exists(path))
        {
            return null;
        }

        byte[] head = HeadOf(path);
        return head.AsSpan().StartsWith("PAR1"u8) ? OfTable(path, context)
            : IsExport(head) ? OfExport(path, fields, context)
            : OfColumns(path, head, context);
    }

    private static byte[] HeadOf(string path)
    {
        using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
        var head = new byte[(int)Math.Min(Head, file.Length)];
        return head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }

    /// <summary>An array of tasks; a list of a team's own may be JSON as well, and has no annotations.</summary>
    private static bool IsExport(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> start = head.StartsWith("\uFEFF"u8) ? head[3..] : head;
        return start.TrimStart(" \r\n\t"u8).StartsWith("["u8) && start.IndexOf("\"data\""u8) >= 0 && start.IndexOf("\"annotations\""u8) >= 0;
    }

    private static EvalSetContents OfTable(string path, WorkContext context)
    {
        var episodes = new HashSet<(string, string)>();
        var links = new HashSet<string>(StringComparer.Ordinal);
        using ParquetTableReader reader = ParquetTableReader.Open(path, FileHash.Compute(path, cancellation: context.Cancellation), context.Cancellation);
        string[] names = [.. reader.Schema.Columns.Select(static column => column.Name)];
        int[] columns = [.. CommonColumns.Episode.Append(CommonColumns.Media).Select(name => Array.IndexOf(names, name))];
        if (columns[0] < 0 || columns[1] < 0)
        {
            // A table of something else names no episode.
            return new EvalSetContents(path) { Episodes = episodes };
        }

        int[] ascending = [.. columns.Where(static column => column >= 0).Order()];
        using var rows = new ParquetRowGroup();
        for (int group = 0; group < reader.RowGroups; group++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            reader.ReadRowGroup(group, rows, ascending);
            for (int row = 0; row < rows.Rows; row++)
            {
                episodes.Add((Text(columns[0], row), Text(columns[1], row)));
                if (columns[2] >= 0 && !rows.Columns[columns[2]].IsNull(row))
                {
                    links.Add(Text(columns[2], row));
                }
            }
        }

        return new EvalSetContents(path) { Episodes = episodes, Links = links };

        string Text(int column, int row) => rows.Columns[column].IsNull(row) ? string.Empty : Encoding.UTF8.GetString(rows.Columns[column].GetText(row));
    }

    private static EvalSetContents OfExport(string path, FieldMapping fields, WorkContext context)
    {
        using FileStream file = AtomicFile.OpenRead(path);
        (_, List<TaskNames> workers) = ExportPipeline.Run(file, path, context.Threads, () => new TaskNames(fields), null, context.Cancellation);
        return new EvalSetContents(path)
        {
            Episodes = workers.SelectMany(static worker => worker.Episodes).ToHashSet(),
            Links = workers.SelectMany(static worker => worker.Links).ToHashSet(StringComparer.Ordinal),
        };
    }

    /// <summary>A CSV whose first line names a column <c>episode</c>; anything else is text in which names are looked for.</summary>
    private static EvalSetContents OfColumns(string path, byte[] head, WorkContext context)
    {
        int end = head.AsSpan().IndexOf((byte)'\n');
        string first = Encoding.UTF8.GetString(end < 0 ? head : head[..end]).TrimStart('\uFEFF').TrimEnd('\r');
        char separator = s_separators.MaxBy(mark => first.Count(character => character == mark));
        string[] names = [.. CsvLine(first, separator).Select(static name => name.Trim().ToLowerInvariant())];
        int episode = Array.IndexOf(names, "episode");
        int folder = Array.FindIndex(names, static name => s_folderNames.Contains(name));
        int media = Array.IndexOf(names, CommonColumns.Media);
        if (episode < 0 || (folder < 0 && media < 0))
        {
            return new EvalSetContents(path);
        }

        var episodes = new HashSet<(string, string)>();
        var links = new HashSet<string>(StringComparer.Ordinal);
        using var reader = new StreamReader(AtomicFile.OpenRead(path), Encoding.UTF8);
        _ = reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            List<string> fields = CsvLine(line, separator);
            episodes.Add((At(fields, folder), At(fields, episode)));
            if (At(fields, media) is { Length: > 0 } link)
            {
                links.Add(link);
            }
        }

        return new EvalSetContents(path) { Episodes = episodes, Links = links };

        static string At(List<string> fields, int index) => index >= 0 && index < fields.Count ? fields[index].Trim() : string.Empty;
    }

    private static List<string> CsvLine(string line, char separator)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                // Two in a row within quotes are one of the text.
                if (quoted && i + 1 < line.Length && line[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    quoted = !quoted;
                }
            }
            else if (line[i] == separator && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }

    private sealed class TaskNames(FieldMapping fields) : ITaskWorker
    {
        private readonly ExportTask _task = new();
        private readonly NamedEpisodes _names = new(fields, config: null);

        public HashSet<(string TaskSubdir, string Episode)> Episodes { get; } = [];

        public HashSet<string> Links { get; } = new(StringComparer.Ordinal);

        public void Process(in RawTask task)
        {
            TaskParser.Parse(task, _task, TaskParts.Regions | TaskParts.Tolerant);
            _names.Add(_task.Labels, _task.Place, Episodes, Links);
            _task.Tokens.Release();
        }
    }
}
