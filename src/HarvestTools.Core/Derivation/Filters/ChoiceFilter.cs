using HarvestTools.Derivation.Fields;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Filters;

/// <summary>Step 3 for what is said of a whole medium or task: choices, ratings, numbers, texts and taxonomies that belong to no region.</summary>
internal sealed class ChoiceFilter(HarvestRules rules, Rejections rejections, RegionAttributes items, TaskMedia media, TextArena arena)
{
    private readonly ChosenValue _value = new();

    public void Apply(List<Annotation> annotations, in TaskPlace place, List<Candidate> candidates)
    {
        for (int i = 0; i < items.Count; i++)
        {
            if (!items.IsChoice(i))
            {
                continue;
            }

            (int annotation, Region region) = items.At(i);
            Utf8Text value = Value(region, place, out Utf8Text set);
            if (value.IsAbsent)
            {
                rejections.Add(DropReason.NoLabel, annotations[annotation], region, "nothing is chosen or written"u8);
            }
            else if (!rules.AcceptUntouched && region.Origin.Is("prediction"u8))
            {
                rejections.Add(DropReason.UntouchedPrediction, annotations[annotation], region, "origin=prediction"u8);
            }
            else
            {
                candidates.Add(new Candidate
                {
                    Annotation = annotation,
                    Region = region,
                    Kind = region.Kind,
                    Medium = media.IndexOf(region),

                    // Without a control tag, which only hand-made files lack, the type has to do.
                    Label = region.FromName.IsEmptyOrAbsent ? region.Type : region.FromName,
                    Control = region.FromName,
                    Value = value,
                    ValueSet = set,
                });
            }
        }
    }

    private Utf8Text Value(Region region, in TaskPlace place, out Utf8Text set)
    {
        try
        {
            return _value.Of(region, arena, out set);
        }
        catch (CanonicalJsonException e)
        {
            throw RowErrors.AttributeUnusable(place, region.Id.ToString(), e.Message);
        }
    }
}
