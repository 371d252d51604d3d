namespace HarvestTools.Dvc;

/// <summary>A stage of a dvc.yaml with all templates filled in. Paths are relative to the repository, with <c>/</c>.</summary>
/// <param name="Name">Its name; of one that foreach or matrix makes with what DVC adds: <c>rows@hands</c>.</param>
/// <param name="Folder">The folder that it runs in; empty for the repository.</param>
/// <param name="Commands">What it runs, one after the other.</param>
/// <param name="Dependencies">What it reads.</param>
/// <param name="Parameters">The parameters that it depends on.</param>
/// <param name="Outputs">What it writes.</param>
/// <param name="Reports">Metrics and plots, which it writes besides.</param>
internal sealed record DvcStage(
    string Name,
    string Folder,
    IReadOnlyList<string> Commands,
    IReadOnlyList<string> Dependencies,
    IReadOnlyList<DvcParameters> Parameters,
    IReadOnlyList<string> Outputs,
    IReadOnlyList<string> Reports);

/// <summary>Parameters of a stage in one file.</summary>
/// <param name="File">The file, relative to the repository.</param>
/// <param name="Keys">The keys; null for the whole file.</param>
internal sealed record DvcParameters(string File, IReadOnlyList<string>? Keys);

/// <summary>A file or folder as dvc.lock or a .dvc file has it.</summary>
/// <param name="Path">Relative to the repository.</param>
/// <param name="Md5">32 hexadecimal digits, without the ending of folders.</param>
/// <param name="IsFolder">Whether it is the MD5 of a list of files.</param>
/// <param name="OfText">Whether it is DVC 2's, which takes CR LF in text for LF.</param>
internal sealed record DvcEntry(string Path, string Md5, bool IsFolder, bool OfText);
