using System.Management.Automation;

namespace HarvestTools.PowerShell;

/// <summary>A cmdlet that works on files one by one: by pattern, by exact name, or from the pipeline.</summary>
public abstract class FileCommand : HarvestCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    protected const string DefaultSet = PathSet;

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Export files; wildcards are allowed.")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true, HelpMessage = "Export files, taken exactly as they are written.")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    protected sealed override void ProcessRecord()
    {
        foreach (string path in ParameterSetName == LiteralPathSet ? LiteralPath : Path)
        {
            foreach (string file in FilesOf(path))
            {
                ProcessFile(file);
            }
        }
    }

    /// <param name="path">Full path of a file that exists.</param>
    private protected abstract void ProcessFile(string path);

    private IReadOnlyList<string> FilesOf(string path)
    {
        try
        {
            return ParameterSetName == LiteralPathSet
                ? [ItemPath.ResolveFile(SessionState, path)]
                : ItemPath.Expand(SessionState, path);
        }
        catch (HarvestException missing)
        {
            WriteItemError(missing);
            return [];
        }
    }
}
