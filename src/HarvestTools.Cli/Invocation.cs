using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Commands;
using HarvestTools.Cli.Output;
using HarvestTools.Repositories;
using HarvestTools.Strings;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Cli;

/// <summary>
/// One run of a command: the options that every command takes, where its output goes, and what became of it. Text and
/// errors are written as they come; the JSON document is written once, at the end, whatever happened.
/// </summary>
internal sealed class Invocation : IDisposable
{
    private const int MostThreads = 64;
    private readonly ParseResult _parsed;
    private readonly CancellationToken _cancellation;
    private readonly ProgressLine? _progress;
    private readonly JsonArray _errors = [];
    private Repository? _repository;

    public Invocation(ParseResult parsed, bool json, CancellationToken cancellation)
    {
        _parsed = parsed;
        _cancellation = cancellation;
        Json = json;
        bool valid = parsed.Errors.Count == 0;
        Quiet = valid && parsed.GetValue(GlobalOptions.Quiet);
        Folder = Path.GetFullPath(valid && parsed.GetValue(GlobalOptions.Directory) is { Length: > 0 } directory ? directory : ".");
        _progress = ProgressLine.Create(Quiet);
    }

    public bool Json { get; }

    public bool Quiet { get; }

    /// <summary>Text is printed unless JSON or nothing was asked for.</summary>
    public bool Text => !Json && !Quiet;

    /// <summary>True where the command's stdout is another program's: then no document of this one goes there.</summary>
    public bool StdoutTaken { get; set; }

    /// <summary>The folder the command works in, full path.</summary>
    public string Folder { get; }

    /// <summary>The command's own part of the JSON document, filled by the command before and while it works.</summary>
    public JsonObject Document { get; } = [];

    /// <summary>The highest exit code of all that went wrong.</summary>
    public int Exit { get; private set; }

    /// <summary>How many errors were reported so far.</summary>
    public int Errors => _errors.Count;

    /// <summary>The repository around the folder; found at the first use.</summary>
    public Repository Repository => _repository ??= Opened(Repository.Find(Folder));

    public WorkContext Context => new()
    {
        Progress = _progress,
        PhaseEnded = CollectorPolicy.Compact,
        Cancellation = _cancellation,
        Threads = Threads(),
        Offline = _parsed.GetValue(GlobalOptions.Offline),
        Commands = ProgramSpelling.Instance,
    };

    public ProgressLine? Progress => _progress;

    public CancellationToken Cancellation => _cancellation;

    public T? Value<T>(Option<T> option) => _parsed.GetValue(option);

    /// <summary>Whether an option is on the command line, with a value or without one.</summary>
    public bool IsGiven(Option option) => _parsed.GetResult(option) is { Implicit: false };

    public T? Value<T>(Argument<T> argument) => _parsed.GetValue(argument);

    /// <summary>Paths on the command line are relative to the current folder, or to -C.</summary>
    public string Resolve(string path) => Path.GetFullPath(path, Folder);

    /// <summary>
    /// The full path where the text names a file from here, else the text as it is: the engine takes relative paths from
    /// the repository's root.
    /// </summary>
    public string? FileOrText(string? text) => text is not null && File.Exists(Resolve(text)) ? Resolve(text) : text;

    /// <exception cref="HarvestException">The folder named with -C is not there.</exception>
    public void CheckFolder()
    {
        if (!Directory.Exists(Folder))
        {
            throw CliErrors.FolderNotFound(Folder);
        }
    }

    /// <summary>Prints a line for people, once progress is out of the way. It is one line, whatever the names in it hold.</summary>
    public void Say(string line) => SayText(PlainText.OneLine(line));

    /// <summary>Prints a text that is made of lines, and ends the last of them.</summary>
    public void SayText(string text)
    {
        if (Text)
        {
            _progress?.Clear();
            StandardStreams.WriteLine(text);
        }
    }

    /// <summary>Prints what is mostly typed next, where that is sure; the line after all others.</summary>
    public void Next(string line) => Say($"Next: {line}");

    /// <summary>Prints lines that end already.</summary>
    public void Say(TextTable table)
    {
        if (Text)
        {
            _progress?.Clear();
            StandardStreams.Write(table.ToString());
        }
    }

    /// <summary>Reports an error at once and goes on; the exit code is the highest of all.</summary>
    public void Fail(HarvestException fault) => Fail(fault, ExitCode.Of(fault.Fault));

    public void Fail(HarvestException fault, int exit)
    {
        _progress?.Clear();
        ErrorText.Write(fault);
        _errors.Add((JsonNode)ErrorText.ToJson(fault));
        Raise(exit);
    }

    /// <summary>Notes something about a file on stderr; the exit code stays as it is.</summary>
    /// <param name="notice">Null where there is nothing to note.</param>
    public void Warn(ExportNotice? notice)
    {
        if (notice is not null && !Quiet)
        {
            _progress?.Clear();
            ErrorText.Write(notice);
        }
    }

    /// <summary>Something was found that is no error of the command, but shows in its exit code.</summary>
    public void Raise(int exit) => Exit = Math.Max(Exit, exit);

    /// <summary>Runs a step for each item; one that fails does not keep the rest from being done.</summary>
    public void ForEach<T>(IEnumerable<T> items, Action<T> step)
    {
        foreach (T item in items)
        {
            _cancellation.ThrowIfCancellationRequested();
            try
            {
                step(item);
            }
            catch (HarvestException fault)
            {
                Fail(fault);
            }
        }
    }

    /// <summary>Writes the JSON document if it was asked for, and says if any of the output could not be written.</summary>
    public void Finish()
    {
        _progress?.Clear();
        if (StandardStreams.ErrorFault is not null)
        {
            // There is no place left to say it, but for the document.
            Raise(ExitCode.NoRepositoryOrNoWrite);
        }

        if (Json && !StdoutTaken)
        {
            WriteDocument();
        }

        if (StandardStreams.OutputFault is { } fault)
        {
            ErrorText.Write(CliErrors.OutputNotWritten(fault));
            Raise(ExitCode.NoRepositoryOrNoWrite);
        }
    }

    public void Dispose() => _progress?.Clear();

    private Repository Opened(Repository repository)
    {
        repository.Offline |= _parsed.GetValue(GlobalOptions.Offline);
        repository.TrustPrograms |= _parsed.GetValue(GlobalOptions.TrustProgram);
        repository.Notice = Note;
        return repository;
    }

    /// <summary>Says on stderr what is brought or waited for.</summary>
    private void Note(string sentence)
    {
        if (!Quiet)
        {
            _progress?.Clear();
            StandardStreams.WriteErrorLine($"harvest: {sentence}");
        }
    }

    private void WriteDocument()
    {
        var document = new JsonObject
        {
            ["command"] = _parsed.CommandResult.Command is ProgramRoot ? null : _parsed.CommandResult.Command.Name,
            ["exit_code"] = Exit,
        };
        foreach ((string name, JsonNode? value) in Document.ToArray())
        {
            Document.Remove(name);
            document[name] = value;
        }

        document["errors"] = _errors;
        Terminal.WriteJson(document);
    }

    private int Threads()
    {
        string? asked = _parsed.GetValue(GlobalOptions.Threads);
        if (asked is null)
        {
            return Math.Clamp(Environment.ProcessorCount, 1, MostThreads);
        }

        return int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads is >= 1 and <= MostThreads
            ? threads
            : throw CliErrors.ThreadsInvalid(asked, MostThreads);
    }
}
