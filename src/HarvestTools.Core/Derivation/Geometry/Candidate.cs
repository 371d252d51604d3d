using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Geometry;

/// <summary>
/// One label of one region that passed the region filter, with the geometry it will give rows from (of a polygon the rectangle
/// around it), or one thing that is said of a whole medium: the unit that is
/// matched between annotators, kept or dropped. Coordinates are percent of the image, frames count from 1.
/// </summary>
internal struct Candidate
{
    /// <summary>Index into the annotations that remained.</summary>
    public int Annotation;

    public Region Region;

    public RegionKind Kind;

    /// <summary>Which of the task's media the region is on.</summary>
    public int Medium;

    public Utf8Text Label;

    /// <summary>The control tag that offers the label: of several items of one region the one that has it.</summary>
    public Utf8Text Control;

    /// <summary>JSON of the attributes that share the region's id; absent where there are none.</summary>
    public Utf8Text Attributes;

    /// <summary>What was chosen, for what is said of a whole medium; absent for regions.</summary>
    public Utf8Text Value;

    /// <summary>The same whatever the order of several values.</summary>
    public Utf8Text ValueSet;

    public double X;
    public double Y;
    public double Width;
    public double Height;
    public double Rotation;

    /// <summary>First frame of a segment or of a track's visible part.</summary>
    public long Start;

    /// <summary>Last frame, inclusive.</summary>
    public long End;
}
