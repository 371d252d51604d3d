using System.Text;

namespace HarvestTools.Files;

/// <summary>Lines of a .gitignore.</summary>
internal static class GitIgnore
{
    private const string FileName = ".gitignore";

    /// <summary>
    /// Has git pass over a file of a folder: a line is added to the folder's .gitignore, which is made where there is none. Outside of a
    /// git checkout nothing is done.
    /// </summary>
    /// <param name="folder">Full path.</param>
    /// <param name="name">The file's name.</param>
    public static void Add(string folder, string name)
    {
        string path = Path.Combine(folder, FileName);

        // git does not follow a .gitignore that is a link either.
        if (GitHead.FindShared(folder) is null || FileKinds.Of(path) is not (FileKind.None or FileKind.Regular))
        {
            return;
        }

        byte[] before = File.Exists(path) ? AtomicFile.ReadAllBytes(path) : [];
        string text = Encoding.UTF8.GetString(before);
        if (text.Split('\n').Any(line => line.TrimEnd() is var one && (one == name || one == "/" + name)))
        {
            return;
        }

        string end = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        string lead = text.Length == 0 || text.EndsWith('\n') ? "" : end;

        // The bytes that are there stay as they are, whatever their encoding.
        AtomicFile.WriteAllBytes(path, [.. before, .. Encoding.UTF8.GetBytes($"{lead}/{name}{end}")]);
    }
}
