import { chooseLanguage, languages } from "./languages";
import { locale, t } from "./t";

/** Each language by its own name, for whoever cannot read the one that is spoken. */
export const LanguageChoice = () => (
  <ul className="languages" aria-label={t`Language`}>
    {Object.entries(languages).map(([code, language]) => (
      <li key={code} lang={code}>
        {language.locale === locale() ? (
          <span aria-current="true">{language.name}</span>
        ) : (
          <button type="button" className="link" onClick={() => chooseLanguage(code)}>
            {language.name}
          </button>
        )}
      </li>
    ))}
  </ul>
);
