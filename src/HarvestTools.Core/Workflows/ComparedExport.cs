using HarvestTools.Archive;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>An export that is compared with another: a file, which needs no repository, or an archived one in whatever form it is kept.</summary>
public sealed class ComparedExport
{
    private const int ShortestHash = 4;

    /// <summary>As long as tables and messages write one.</summary>
    private const int WrittenHash = 12;

    private readonly Func<WorkContext, (FileStream File, string Name)> _open;

    private ComparedExport(string path, Func<WorkContext, (FileStream File, string Name)> open) => (Path, _open) = (path, open);

    /// <summary>Full path of the file, or of the archived one's.</summary>
    public string Path { get; }

    /// <summary>The export in a file.</summary>
    /// <param name="path">Its path.</param>
    public static ComparedExport OfFile(string path) => new(path, context =>
    {
        FileStream file = ExportFile.OpenUnpacked(path, out string name, Repository.FileOfAround(path, context.Offline), context.Cancellation);
        return (file, name);
    });

    /// <summary>An archived export, which is brought from the remote where it is not here. Nothing is written for one that is packed but a temporary file.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="sha256">The export.</param>
    public static ComparedExport OfArchive(Repository repository, string sha256)
    {
        ArgumentNullException.ThrowIfNull(repository);
        LocalObjectStore local = repository.Archive.Local;
        string path = local.LocalPath(sha256) is null && local.Packs.Find(sha256) is { } pack ? pack : local.PathOf(sha256);
        return new ComparedExport(path, context => (repository.Archive.TryOpenFile(sha256, context.Cancellation) ?? throw repository.Archive.NotHere(sha256), path));
    }

    /// <summary>
    /// The hash, or its beginning, by which a text names an archived export: alone, or behind a project and a dash as tables and messages
    /// have it. Null where it can only be a file.
    /// </summary>
    /// <param name="text">What was given in the place of a file's name.</param>
    public static string? HashIn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int dash = text.LastIndexOf('-');
        string digits = text[(dash + 1)..];

        // Shorter ones are more likely a misspelt file than a hash.
        return digits.Length >= (dash > 0 ? WrittenHash : ShortestHash) && dash != 0 && digits.All(char.IsAsciiHexDigit) ? digits : null;
    }

    /// <summary>Opens it for reading tasks here and there.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="context">Cancellation, and whether a remote may be asked.</param>
    /// <exception cref="HarvestException">It is missing, cannot be read, or cannot be unpacked.</exception>
    internal FileStream Open(out string name, WorkContext context)
    {
        (FileStream file, name) = _open(context);
        return file;
    }
}
